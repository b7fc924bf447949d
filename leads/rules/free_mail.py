"""Mail hosts that give anyone an address: such a domain says nothing about the person's company.

Reviewed by hand: big free providers, access providers' private customers, throw-away addresses.
"""

from typing import Final

_HOSTS: Final = """
gmail.com googlemail.com
outlook.com outlook.de outlook.fr outlook.com.br hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it
hotmail.es hotmail.com.br live.com live.de live.co.uk live.fr live.nl msn.com
yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.com.br yahoo.co.in yahoo.co.jp yahoo.ca ymail.com
rocketmail.com
icloud.com me.com mac.com
aol.com aim.com
gmx.de gmx.net gmx.at gmx.ch gmx.com web.de freenet.de t-online.de arcor.de
mail.com email.com usa.com
proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.io tuta.com posteo.de mailbox.org
zoho.com zohomail.com fastmail.com fastmail.fm hushmail.com hey.com
orange.fr wanadoo.fr free.fr laposte.net sfr.fr
libero.it virgilio.it tiscali.it
uol.com.br bol.com.br terra.com.br ig.com.br
yandex.ru yandex.com mail.ru bk.ru inbox.ru list.ru rambler.ru ukr.net
wp.pl o2.pl interia.pl onet.pl seznam.cz centrum.cz
qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net rediffmail.com
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
btinternet.com sky.com ntlworld.com virginmedia.com bigpond.com
bluewin.ch skynet.be telenet.be ziggo.nl kpnmail.nl
mailinator.com guerrillamail.com yopmail.com 10minutemail.com
"""

DOMAINS: Final = frozenset(_HOSTS.split())
